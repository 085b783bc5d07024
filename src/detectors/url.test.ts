import { detectorSuite } from './detector.suite.ts';
import { url } from './url.ts';

detectorSuite(url, {
  finds: [
    'visit ⟦example.com/help⟧.',
    'at ⟦docs.example.org⟧, or',
    'see ⟦https://example.com/a?b=c#d⟧.',
    '(⟦http://example.com⟧)',
    '⟦www.example.com⟧, and',
    '⟦WWW.Example.com/⟧',
    '⟦ftp://files.example.com/x⟧',
    '[text](⟦https://example.com/a(b)c⟧)',
    '"⟦https://example.com/⟧"',
    '⟦wss://example.com:8443/socket⟧ on',
  ],
  passes: ['http:', 'https://', 'www.', 'www.example', 'jane@example.com', 'http is a protocol', '{URL}'],
  hostile: ['http://', 'https://a', 'www.', 'www.a.', '.', 'http'],
});
