import { detectorSuite } from './detector.suite.ts';
import { vehicleIdentification } from './vehicle-identification.ts';

detectorSuite(vehicleIdentification, {
  finds: [
    '⟦1M8GDM9AXKP042788⟧',
    'car ⟦1HGCM82633A004352⟧.',
    'VIN: ⟦WVWZZZ1JZ3W386752⟧',
    'vehicle identification number is ⟦wvwzzz1jz3w386752⟧',
    'Fahrgestellnummer ⟦WVWZZZ1JZ3W386752⟧',
  ],
  passes: [
    'WVWZZZ1JZ3W386752',
    '1M8GDM9AYKP042788',
    '1M8GDM9AXKP0427881',
    'VIN 1M8GDM9AXKP04278',
    'VIN 1M8GDM9AXKPO42788',
    'VIN AAAAAAAAAAAAAAAAA',
    'VIN {VEHICLE_IDENTIFICATION_NUMBER} 1M8GDM9AXKP042788a',
    '11111111111111111',
  ],
  hostile: ['1M8GDM9AXKP04278', 'A', 'VIN ', 'VIN 1', '1A'],
});
