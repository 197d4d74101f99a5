"""Questions answered from the retrieved passages, and everything staff do with the system."""

# Semantic versioning (https://semver.org): the first number changes with what programs or staff have to change.
# CHANGELOG.md says what each version changed, and what to do when upgrading to it.
__version__ = "1.0.0"
