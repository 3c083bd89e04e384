-- What a profile of the first version held: two tenants, keys in every state, their search, a log and a journal.
INSERT INTO profile VALUES (1, x'09090909090909090909090909090909', 'keychain', 'dark', 1780000000);

INSERT INTO tenant VALUES
    (1, x'11111111111111111111111111111111', 'Harbour', 'harbour', 'lk', 365, 0, 1, 'offer', 30, 6, 1780000000),
    (2, x'22222222222222222222222222222222', 'Zürich', 'zürich', 'zh', NULL, 1, 0, 'forbid', 14, 1, 1780000100);

INSERT INTO api_set VALUES
    (1, 1, 'billing', 'Billing', 'Money', 'billing money'),
    (2, 1, 'files:read', 'Read files', NULL, 'files read');

-- Row numbers are seconds of generation times 2^20.
INSERT INTO key VALUES
    (1780000200 << 20, x'A1000000000000000000000000000000', 1, 'aaaaaaaa', 'lk_aaaaaaaa…0001', zeroblob(32), 'crane scanner',
        'at the quay', 'Ada', 1780000200, 1811536200, NULL, NULL, NULL, 0, 'held', 1),
    (1780000300 << 20, x'A2000000000000000000000000000000', 1, 'bbbbbbbb', 'lk_bbbbbbbb…0002', zeroblob(32), 'gate', '',
        'Grace', 1780000300, 9223372036854775807, 1780000400, NULL, NULL, 1, 'none', 1),
    ((1780000300 << 20) + 1, x'A3000000000000000000000000000000', 1, 'cccccccc', 'lk_cccccccc…0003', zeroblob(32), 'winch', '',
        'Grace', 1780000300, 1787776300, NULL, 1780000500, 'lost tablet', 2, 'none', 0),
    (1780000350 << 20, x'B1000000000000000000000000000000', 2, 'dddddddd', 'zh_dddddddd…0004', zeroblob(32), 'crane', '',
        'Ada', 1780000350, 9223372036854775807, NULL, NULL, NULL, 0, 'missing', 1);
INSERT INTO key_api_set VALUES (1780000200 << 20, 1), (1780000200 << 20, 2), (1780000300 << 20, 1);

-- Words in order, the mark of the tenant, those of the API sets: letters that nobody types.
INSERT INTO key_document VALUES
    (1780000200 << 20, '0001 aaaaaaaa ada at crane lk quay scanner the ' || char(57345) || '1 ' || char(57344) || '1 '
        || char(57344) || '2'),
    (1780000300 << 20, '0002 bbbbbbbb gate grace lk ' || char(57345) || '1 ' || char(57344) || '1'),
    ((1780000300 << 20) + 1, '0003 cccccccc grace lk winch ' || char(57345) || '1'),
    (1780000350 << 20, '0004 ada crane dddddddd zh ' || char(57345) || '2');
INSERT INTO search (search) VALUES ('rebuild');

INSERT INTO event VALUES
    (1, 1780000000, 'Ada', 'window', 'profile_created', NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (2, 1780000000, 'Ada', 'window', 'tenant_added', x'11111111111111111111111111111111', 'Harbour', NULL, NULL, NULL, NULL, NULL),
    (3, 1780000500, 'Grace', 'command line', 'key_revoked', x'11111111111111111111111111111111', 'Harbour',
        x'A3000000000000000000000000000000', 'cccccccc', 'winch', NULL, 'lost tablet');
INSERT INTO journal VALUES (1, x'A1000000000000000000000000000000', 'discarding', NULL, NULL, 'a process that died', 1780000600);
PRAGMA application_id = 0x4C4B6579;
PRAGMA user_version = 1;
