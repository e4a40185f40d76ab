/** What a tooltip of ECharts shows is HTML; names of hosts and partners come from elsewhere. */
export const asHtml = (text: string) => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
