import { detectorSuite } from './detector.suite.ts';
import { urlCredentials } from './url-credentials.ts';

detectorSuite(urlCredentials, {
  finds: [
    'https://⟦admin:hunter2horse⟧@db.example.com/x',
    'postgres://⟦app:p@ss:word⟧@10.0.0.1:5432/db',
    'redis://⟦:hunter2⟧@cache',
    'see <ftp://⟦a:b⟧@c>',
    'https://⟦admin:hunter\u00ad2horse⟧@db.example.com/x',
  ],
  passes: [
    'https://example.com/a:b@c',
    'https://example.com:8080/',
    'https://user@example.com',
    'https://user:$PASSWORD@example.com',
    'https://user:****@example.com',
    'https://user:xxxx@example.com',
    'https://user:@example.com',
    'https://{URL_CREDENTIALS}@example.com',
    'admin:hunter2@db',
    '://a:b',
  ],
  hostile: ['a://', 'a://b:', 'http://a:', 'a://a:a@', '://', ':'],
});
