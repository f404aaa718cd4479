"""Clean-up 清理: a campaign or a package decision, from its list of norms to the one decision that changes them all."""
