"""The domains that an agency sends from: added, checked, given keys and addresses; administrators' business alone."""
