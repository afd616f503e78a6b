import type { texts as english } from './texts.ts';

export const texts: typeof english = {
  nameDevice: 'Dieses Gerät benennen',
  deviceName: 'Name des Geräts',
  saveName: 'Name speichern',
};
