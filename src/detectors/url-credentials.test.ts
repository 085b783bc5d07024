import { detectorSuite } from './detector.suite.ts';
import { urlCredentials } from './url-credentials.ts';

detectorSuite(urlCredentials, {
  finds: [
    'https://⟦admin:hunter2horse⟧@db.example.com/x',
    'postgres://⟦app:p@ss:word⟧@10.0.0.1:5432/db',
    'redis://⟦:hunter2⟧@cache',
    'see <ftp://⟦a:b⟧@c>',
    'https://⟦admin:hunter\u00ad2horse⟧@db.example.com/x',
    'curl -u ⟦elastic:P@ssw0rd$1⟧ https://localhost',
    "curl --user ⟦'johns:h0pk1ns~21s'⟧ -v",
    'curl -u ⟦"d2LkV78zLx!t:"⟧ x',
    "curl --user=⟦kevin:'pRf7vG2h1L8nQkW9'⟧",
  ],
  passes: [
    'docker run -u 1000:1000 image',
    'docker run --user app:app image',
    'curl -u user:password https://a',
    'curl -u $USER1:$PASS1 https://a',
    'curl -u neo4j:[PASSWORD] https://a',
    'curl -u {URL_CREDENTIALS} https://a',
    'git push -u origin main',
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
  hostile: [' -u a', ' --user "a:', ' -u ', 'a://', 'a://b:', 'http://a:', 'a://a:a@', '://', ':'],
});
