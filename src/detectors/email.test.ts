import { detectorSuite } from './detector.suite.ts';
import { email } from './email.ts';

detectorSuite(email, {
  finds: [
    '⟦jane.doe@example.com⟧',
    'to <⟦jane@example.com⟧>, ⟦joe+tag@mail.example.co.uk⟧.',
    "⟦o'brien@example.ie⟧",
    "'⟦jane@example.com⟧'",
    '...⟦jane@example.com⟧',
    '⟦jörg@müller.example⟧',
    '⟦почта@пример.рф⟧',
    '写信给⟦jane@example.com⟧或致电',
    '⟦用户@例子.公司⟧',
    '⟦jane@xn--mller-kva.example⟧',
    '⟦ｊａｎｅ@ｅｘａｍｐｌｅ．ｃｏｍ⟧',
    '⟦ja\u200bne@exam\u00adple.com⟧',
    '⟦jane@exаmple.com⟧',
    '⟦a@b.co@d.eu⟧',
    '⟦jane@example.comjoe@example.com⟧',
    `${'x'.repeat(10)}⟦${'y'.repeat(64)}@example.com⟧`,
  ],
  passes: [
    'jane at example dot com',
    '@mention and @scope/package',
    'react@18.2.0 and lodash@^4.17.21',
    'user@localhost',
    'git@github.com:owner/repository.git',
    'logo@2x.png',
    'jane@',
    '@example.com',
    'jane@example.c',
    'jane@@example.com',
    'x@{EMAIL}.com',
  ],
  hostile: ['a@', '@', 'a', 'a@b.', 'a.', `${'a'.repeat(63)}.`, 'a@b-', 'é@'],
});
