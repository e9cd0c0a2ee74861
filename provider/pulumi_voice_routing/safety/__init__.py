"""What would hurt callers, as pure functions over facts: the provider, the policy pack and programs all ask here."""
