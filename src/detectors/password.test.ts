import { expect, it } from 'vitest';
import { detectorSuite } from './detector.suite.ts';
import { password } from './password.ts';
import { scanText } from './scanner.ts';

detectorSuite(password, {
  finds: [
    'Password - ⟦Summer2024⟧!',
    "fill('#password', '⟦password123⟧')",
    'password: ⟦hunter2horse⟧',
    'DB_PASSWORD=⟦hunter2horse⟧',
    'my password is ⟦hunter2horse⟧.',
    'my password for mail.example.com is ⟦hunter2horse⟧!',
    '<password>⟦hunter2horse⟧</password>',
    'Passwort: ⟦hunter2horse⟧',
    'contraseña: ⟦hunter2horse⟧',
    'mot de passe : ⟦hunter2horse⟧',
    'pаssword: ⟦hunter2horse⟧',
    'pass: ⟦hunter\u200b2horse⟧',
    'pwd=⟦very20special#pass*⟧',
    'the password is "⟦sunshine⟧".',
    'password = "⟦rootpasswd⟧"',
    '<add key="Password" value="⟦Clear%Text⟧" />',
    "'password': '⟦correct-horse⟧'",
    'passphrase: ⟦Tr0ub4dor&3⟧',
  ],
  passes: [
    '`DB_PASSWORD`, `CF_R2_ACCESS_KEY_ID`',
    'passwords (PBKDF2) are',
    'pass `state.callingCode` on',
    '"PW":""],681:["WF"',
    '(user, password, and a2b)',
    'password: correct horse',
    'password is required',
    'password = ********',
    'password: $DB_PASSWORD1',
    'password: {PASSWORD}',
    'password: process.env.SECRET1',
    'password = getPassword2()',
    'password: aaaaaaa',
    'the password was "********"',
    'pass the salt2',
    'passport: A12',
    'password: "{PASSWORD}"',
    'password.',
  ],
  hostile: ['password', 'password:', 'password = "a', 'pass ', 'pwd=a1', 'password for a', '"'],
});

it.each(['pass word', 'passwd', 'pass-phrase', 'passCode', 'Kennwort', 'mot de passe', 'pwd', 'pw', 'pass'])(
  'finds what stands behind `%s`',
  (label) => {
    expect(scanText([password], `${label}: hunter2horse`)).toMatchObject([{ start: label.length + 2 }]);
  },
);
