"""From a presentation to the finite category it presents, or to the reason why there is none."""
