/** asp: sites of Classic ASP pages. */
export { addressText, type SiteSettings } from './site/settings.ts';
export { SiteService, type SiteServiceParts } from './site/site-service.ts';
