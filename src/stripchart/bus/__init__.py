"""What several processes tell one another: latest values and leases, over Redis. Not loaded without one."""
