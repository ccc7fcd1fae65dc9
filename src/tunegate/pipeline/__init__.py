"""The audit from end to end: the one place that knows all the parts.

Not called `audit`, because the package's public function `tunegate.audit` has that name.
"""
