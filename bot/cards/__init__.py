"""What a person sees: values in, Block Kit out. Wording lives in ``messages/``, structure and limits here."""
