-- What days keep values of, in the order of dimension_ids.
ARRAY[
    'device_type', 'browser', 'browser_version', 'os', 'os_version', 'screen', 'timezone', 'locale', 'country', 'region',
    'source', 'channel_type', 'channel', 'referrer_domain', 'utm_source', 'utm_medium', 'utm_campaign', 'utm_term',
    'utm_content', 'entry_host', 'entry_page', 'exit_page', 'entry_category']
