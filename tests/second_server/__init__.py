"""A second server of the three vendors, written from their contracts alone and as permissive as they are.

The emulator was written by people who knew what the package sends. This server knows the contracts and nothing else, so
that it can disagree with both. It refuses almost nothing, and it answers in every way that a contract leaves open: the
`ways`. The modules, from the bottom:

- `ways`: which ways there are; `tables`: kinds of objects and their fields; `store`: what the accounts hold, and lists
  that are late; `answers`: objects in the chosen ways; `calls`: requests, replies, and who answers which path;
- `ringcx`, `numbers`, `ringex`, `portsip`: the vendors; `server`: all of it, in this process or on a port of its own;
- `portal`: what an administrator does by hand, whom every answer reaches plainly; `lives`: resources from their making
  to their end; `judge`: whether requests and answers fit the contracts.
"""
