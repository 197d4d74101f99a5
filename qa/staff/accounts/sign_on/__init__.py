"""Single sign-on by OpenID Connect: the way to the provider and back, its proof, and the account that it stands for."""
