"""Phone routing as code: call routing of RingCX, RingEX and PortSIP as Pulumi resources.

::

    from pulumi_voice_routing import ringcx
"""

__version__ = "0.1.0"
