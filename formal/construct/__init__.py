"""Categories, functors and set-valued functors built from others: products, slices, elements, Kan extensions, …"""
