export {
  verifyWebhook,
  type VerifyWebhookOptions,
  type WebhookHeaders,
  type WebhookPayload,
  type WebhookRequest,
  WebhookVerificationError,
} from './verify-webhook.ts';
