import { detectorSuite } from './detector.suite.ts';
import { ipAddress } from './ip-address.ts';

detectorSuite(ipAddress, {
  finds: [
    'from ⟦203.0.113.77⟧.',
    '⟦10.218.6.131⟧/24',
    'http://⟦192.168.1.10⟧:8080/',
    '⟦2001:db8:85a3::8a2e:370:7334⟧',
    'at ⟦4f8a:c99e:dc86:faf9:5988:5f63:375e:8a2a⟧.',
    '[⟦2001:db8::1⟧]',
    '⟦fe80::1ff:fe23:4567:890a⟧: up',
    '⟦::ffff:203.0.113.77⟧',
    '⟦203．0．113．77⟧',
  ],
  passes: [
    '127.0.0.1 and 0.0.0.0 and 255.255.255.255',
    '1.2.3',
    'section 1.2.3.4',
    'v10.15.7.2',
    'version 10.15.7.20',
    '10.15.7.2.1',
    '1.10.15.7.2',
    '256.1.1.1',
    '01.02.03.04',
    '::1 and ::',
    'std::vector and Abc::Def',
    'a::b::c',
    '12:30:45',
    '00:1A:2B:3C:4D:5E',
    'SHA1 ab:cd:ef:01:23:45:67:89:ab:cd',
    'x[2::3]',
    '1:2:3:4:5:6:7:8',
    '2001:db8:1:2:3:4:5::6:7:8',
    'add::dead',
  ],
  hostile: ['1.', '1.1.1.', 'a:', ':', '::', 'abcd:', '1::', 'f'],
});
