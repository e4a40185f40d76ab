/* Rules of the packs. */
import type { Words } from '..';

export default {
  'rule.kind': ['类别', 'Kind'],
  'rule.name': ['名称', 'Name'],
  'rule.source': ['依据', 'Source'],
  'rule.mark': ['核实程度', 'Standing'],

  'rulekind.gap': ['差距', 'Gap'],
  'rulekind.duty': ['义务', 'Duty'],

  'rulemark.sure': ['已核实', 'verified'],
  'rulemark.likely': ['待确认', 'to be confirmed'],
  'rulemark.unverified': ['待确认', 'to be confirmed'],
} satisfies Words;
