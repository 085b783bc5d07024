import { detectorSuite } from './detector.suite.ts';
import { username } from './username.ts';

detectorSuite(username, {
  finds: [
    'username: ⟦jdoe42⟧',
    'my user name is ⟦jane.doe⟧.',
    '"userId": "⟦jdoe⟧"',
    'login=⟦jdoe⟧',
    'follow ⟦@jane_doe⟧ now',
    'Benutzername: ⟦jdoe⟧',
    "nom d'utilisateur : ⟦jdoe⟧",
    'usuario: ⟦jdoe⟧',
    '(⟦@jdoe42⟧)',
  ],
  passes: [
    'redis://{URL_CREDENTIALS}@cache',
    '* @advanced',
    '{@linkcode x}',
    '(username, email, and password)',
    'aliases\n- Avoid',
    'jane@example.com',
    '@media print',
    '@scope/package',
    '@Override',
    '@decorator()',
    'username is required',
    'username {USERNAME}',
    'username: {USERNAME}',
    '@ab',
    '@example.com',
    'the user jdoe',
    'login: a',
    'https://a.example/@jdoe',
  ],
  hostile: ['@', '@a', 'username: ', 'username: a', 'login ', '@jane_'],
});
