/* From a row's key to its page: what duties, gaps and other rows refer to stands there by its key. */
import { useQuery } from '@tanstack/react-query';
import { Navigate, useParams } from 'react-router';
import { get } from '../api';
import { useLang } from '../i18n';
import type { Page, Register } from '../types';
import { LinkButton } from '../ui/LinkButton';
import { Loaded, Nothing } from '../ui/Page';
import { keyOf, useRegisters } from '../ui/registers';
import { useUrl } from '../ui/url';
import { Missing } from './Missing';

function Found({ register, value }: { register: Register; value: string }) {
  const { t, pick } = useLang();
  const name = `f.${keyOf(register).name}`;
  const query = useQuery({ queryKey: ['find', register.name, value], queryFn: ({ signal }) => get<Page>(`/registers/${register.name}`, { [name]: value, limit: 1 }, signal) });
  return (
    <Loaded of={query}>
      {(data) =>
        data.rows[0] ? (
          <Navigate replace to={`/registers/${register.name}/${String(data.rows[0]['id'])}`} />
        ) : (
          <Nothing what={t('row.not_found', { key: value, register: pick(register) })}>
            <LinkButton to={`/registers/${register.name}`}>{pick(register)}</LinkButton>
          </Nothing>
        )
      }
    </Loaded>
  );
}

export default function FindRow() {
  const { name } = useParams();
  const [url] = useUrl();
  const all = useRegisters();
  return (
    <Loaded of={all}>
      {(data) => {
        const register = data.rows.find((one) => one.name === name);
        return register ? <Found register={register} value={url['key'] ?? ''} /> : <Missing />;
      }}
    </Loaded>
  );
}
