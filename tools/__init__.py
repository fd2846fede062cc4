"""What stands behind the Makefile: setting up a bare machine, running the portal, proving that it is sound."""
