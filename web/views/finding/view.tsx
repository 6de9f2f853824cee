export default function View({ id }: { readonly caseId: string; readonly id: string }) {
  return <p>{id}</p>;
}
