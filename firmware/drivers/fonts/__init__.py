"""The type family as package data, with its licence; `firmware.drivers.panel.fonts` names the files."""
