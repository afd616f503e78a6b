import { deviceSetting } from '../device/device-setting.ts';

/** Whether shortcuts of one letter or sign work. */
export const singleKeys = deviceSetting('single-keys', ['on', 'off']);
