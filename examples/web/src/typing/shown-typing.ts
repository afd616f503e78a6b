import { deviceSetting } from '../device/device-setting.ts';

/** Whether others see that the person is typing. */
export const shownTyping = deviceSetting('typing', ['on', 'off']);
