"""The mathematics as frozen data: categories, functors, presheaves, transformations."""
