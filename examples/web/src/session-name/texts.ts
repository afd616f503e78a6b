import { translated } from '../texts/translated.ts';

/** The texts of naming a device. */
export const texts = translated('session-name', {
  nameDevice: 'Name this device',
  deviceName: 'Name of the device',
  saveName: 'Save name',
});
