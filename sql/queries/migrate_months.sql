SELECT ensure_months(now() - interval '1 month', now() + interval '3 months')
