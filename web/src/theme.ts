/* One place for colour. Severity and state are always told by a shape and a word as well. */
import type { ThemeConfig } from 'antd';

export const accent = '#1b5fa6';

export const severityColour = { high: '#b3261e', medium: '#9a5200', low: '#4a5a6d' } as const;
export const stateColour = {
  overdue: '#b3261e',
  due_soon: '#9a5200',
  open: '#1b5fa6',
  met: '#1d6f42',
  not_applicable: '#56626f',
} as const;

/** Safe for the common kinds of colour blindness; charts add patterns to it. */
export const series = ['#1b5fa6', '#c4660a', '#2f8f6b', '#8a5aa8', '#b03a48', '#6b7785', '#a38a00', '#2a96b5'];

export const theme: ThemeConfig = {
  token: {
    colorPrimary: accent,
    colorLink: accent,
    colorLinkHover: '#0f3f75',
    colorError: severityColour.high,
    colorWarning: '#9a5200',
    colorErrorBg: '#fdf1f0',
    colorErrorBorder: '#e6aaa5',
    colorWarningBg: '#fdf6ea',
    colorWarningBorder: '#e3c48d',
    colorSuccess: stateColour.met,
    colorText: '#1d2733',
    colorTextSecondary: '#4a5866',
    colorTextTertiary: '#5a6775',
    colorTextDescription: '#56626f',
    colorTextPlaceholder: '#5f6a77',
    colorTextQuaternary: '#667280',
    colorBorder: '#c3ccd6',
    colorBorderSecondary: '#e0e5eb',
    colorBgLayout: '#f2f4f7',
    borderRadius: 4,
    borderRadiusLG: 5,
    fontSize: 13,
    fontFamily:
      "-apple-system, 'Segoe UI', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Source Han Sans SC', 'WenQuanYi Micro Hei', sans-serif",
    controlHeight: 30,
    controlHeightLG: 38,
    fontSizeLG: 14,
    padding: 14,
    paddingLG: 20,
    motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
    motionUnit: 0.06,
  },
  components: {
    Table: { headerBg: '#f5f7fa', headerColor: '#3a4754', cellPaddingBlockSM: 6, cellPaddingInlineSM: 10, rowHoverBg: '#f3f8fd' },
    Segmented: { trackBg: '#e3e8ee', itemColor: '#3a4754' },
    Drawer: { paddingLG: 18 },
    Form: { itemMarginBottom: 14, verticalLabelPadding: '0 0 3px' },
  },
};
