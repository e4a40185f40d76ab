/* Where a case stands: the way it took and takes on, and on request the whole graph of its states. */
import { useState } from 'react';
import { useLang } from '../../i18n';
import { edgesOf, layout, stepsOf } from '../../work/graph';
import type { Place } from '../../work/graph';
import type { WorkType } from '../../work/types';

const box = { width: 132, height: 40, gap_x: 54, gap_y: 18 };
const x = (place: Place) => place.column * (box.width + box.gap_x) + 4;
const y = (place: Place) => place.row * (box.height + box.gap_y) + 4;

/** Forward edges run between the columns, those that lead back run below the boxes. */
function edgePath(from: Place, to: Place): string {
  const x1 = x(from) + box.width;
  const y1 = y(from) + box.height / 2;
  const x2 = x(to);
  const y2 = y(to) + box.height / 2;
  if (to.column > from.column) return `M${x1} ${y1} C${x1 + box.gap_x / 2} ${y1} ${x2 - box.gap_x / 2} ${y2} ${x2} ${y2}`;
  const below = Math.max(y(from), y(to)) + box.height + box.gap_y / 2;
  return `M${x(from) + box.width / 2} ${y(from) + box.height} C${x(from) + box.width / 2} ${below + 8} ${x(to) + box.width / 2} ${below + 8} ${x(to) + box.width / 2} ${y(to) + box.height}`;
}

function Graph({ type, now, visited }: { type: WorkType; now: string; visited: string[] }) {
  const { t, pick } = useLang();
  const places = layout(type);
  const edges = edgesOf(type);
  const find = (name: string) => places.find((place) => place.state.name === name);
  const width = Math.max(...places.map(x)) + box.width + 8;
  const height = Math.max(...places.map(y)) + box.height + 30;
  return (
    <div className="graph" tabIndex={0} role="region" aria-label={t('case.graph')}>
      <svg width={width} height={height} role="img" aria-label={t('case.graph')}>
        <defs>
          <marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M0 0 8 4 0 8z" fill="#7b8894" />
          </marker>
        </defs>
        {edges.map((edge) => {
          const from = find(edge.from);
          const to = find(edge.to);
          if (!from || !to || from === to) return null;
          const names = edge.actions.map((name) => pick(type.actions.find((action) => action.name === name), name)).join(' / ');
          return (
            <path key={`${edge.from} ${edge.to}`} d={edgePath(from, to)} fill="none" stroke="#7b8894" markerEnd="url(#arrow)">
              <title>{`${pick(from.state)} → ${pick(to.state)}: ${names}`}</title>
            </path>
          );
        })}
        {places.map((place) => {
          const { name } = place.state;
          const kind = name === now ? 'now' : visited.includes(name) ? 'done' : 'ahead';
          return (
            <g key={name} className={`node ${kind}`} transform={`translate(${x(place)} ${y(place)})`}>
              <rect width={box.width} height={box.height} rx={place.state.is_final ? 20 : 4} />
              <text x={box.width / 2} y={box.height / 2 + 4} textAnchor="middle">
                {pick(place.state, name)}
              </text>
            </g>
          );
        })}
      </svg>
    </div>
  );
}

export function Steps({ type, visited }: { type: WorkType; visited: string[] }) {
  const { t, pick, word } = useLang();
  const [isWhole, setWhole] = useState(false);
  const steps = stepsOf(type, visited);
  const now = visited.at(-1) ?? '';
  return (
    <div>
      <ol className="steps" aria-label={t('case.steps')}>
        {steps.map(({ state, kind }) => (
          <li key={state.name} className={kind} aria-current={kind === 'now' ? 'step' : undefined}>
            <b>{pick(state, state.name)}</b>
            <span>{kind === 'now' && state.side !== 'none' ? t('case.waits', { side: word('side', state.side) }) : kind === 'done' ? t('case.step_done') : ' '}</span>
          </li>
        ))}
      </ol>
      <button type="button" className="link" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
        {t(isWhole ? 'case.graph_hide' : 'case.graph_show')}
      </button>
      {isWhole && <Graph type={type} now={now} visited={visited} />}
    </div>
  );
}
