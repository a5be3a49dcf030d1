"""Categories enriched in a quantale: relations with degrees between the inputs of a model, and claims about them."""
