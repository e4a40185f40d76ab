/* Rows of other registers that name this one. */
import { PlusOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { get } from '../../api';
import { fmtInt } from '../../format';
import { useLang } from '../../i18n';
import type { Field, Page, Register, Row } from '../../types';
import { useCell } from '../../ui/Cell';
import { LinkButton } from '../../ui/LinkButton';
import { useUser } from '../../session';
import { keyOf, mayWrite, useRegisters } from '../../ui/registers';

const shown_max = 5;

export function referrers(registers: Register[], name: string): { register: Register; field: Field }[] {
  return registers.flatMap((register) => register.fields.filter((field) => field.type === 'ref' && field.refers === name).map((field) => ({ register, field })));
}

function Referrer({ register, field, value }: { register: Register; field: Field; value: string }) {
  const { t, pick } = useLang();
  const user = useUser();
  const cell = useCell();
  const name = `f.${field.name}`;
  const query = useQuery({
    queryKey: ['links', register.name, field.name, value],
    queryFn: ({ signal }) => get<Page>(`/registers/${register.name}`, { [name]: value, limit: shown_max }, signal),
  });
  const rows = query.data?.rows ?? [];
  const total = query.data?.total ?? rows.length;
  const columns = register.fields.filter((one) => one !== field && (one.flags.includes('in_list') || one === keyOf(register))).slice(0, 5);
  const newUrl = `/registers/${register.name}/new?${field.name}=${encodeURIComponent(value)}`;
  return (
    <section className="box">
      <header>
        <h2>
          <Link to={`/registers/${register.name}?${name}=${encodeURIComponent(value)}`}>
            {pick(register)} <span className="num">{fmtInt(total)}</span>
          </Link>
        </h2>
        <span className="fill" />
        {!register.is_case_form && mayWrite(user, register) && (
          <LinkButton size="small" to={newUrl} icon={<PlusOutlined aria-hidden />}>
            {t('row.add')}
          </LinkButton>
        )}
      </header>
      {rows.length > 0 && (
        <table className="rows">
          <thead>
            <tr>
              {columns.map((column) => (
                <th scope="col" key={column.name}>
                  {pick(column, column.name)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row: Row) => (
              <tr key={String(row['id'])}>
                {columns.map((column) => (
                  <td key={column.name}>{column === keyOf(register) ? <Link className="mono" to={`/registers/${register.name}/${String(row['id'])}`}>{String(row[column.name])}</Link> : cell(column, row[column.name], row)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

export function RowLinks({ register, row }: { register: Register; row: Row }) {
  const all = useRegisters().data?.rows ?? [];
  const links = referrers(all, register.name);
  const value = String(row[keyOf(register).name] ?? '');
  return (
    <div className="stack">
      {links.map((link) => (
        <Referrer key={`${link.register.name}.${link.field.name}`} {...link} value={value} />
      ))}
    </div>
  );
}
