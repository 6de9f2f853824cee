/** Hatched grey: what was not seen. Put once into a drawing; fill with `url(#id)`. */
export function Hatch({ id }: { readonly id: string }) {
  return (
    <pattern id={id} width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
      <line className="hatch-line" x1="0" y1="0" x2="0" y2="5" />
    </pattern>
  );
}
