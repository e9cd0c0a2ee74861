"""The number-safety pack: every rule of the package, mandatory unless the policy config says otherwise."""

from pulumi_policy import EnforcementLevel, PolicyPack

from pulumi_voice_routing.safety.pack import pack_policies

# The constructor serves the engine and returns only when the run is over.
PolicyPack("number-safety", policies=pack_policies(), enforcement_level=EnforcementLevel.MANDATORY)
