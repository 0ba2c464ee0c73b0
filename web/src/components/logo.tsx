export function Logo({ size = 26 }: { size?: number }) {
  const side = `${size / 16}rem`;
  return (
    <svg aria-hidden="true" focusable="false" height={side} viewBox="0 0 32 32" width={side}>
      <rect fill="#1f4fbf" height="32" rx="7" width="32" />
      <path
        d="M5 19h5l3-9 5 14 3-9 1.5 4H27"
        fill="none"
        stroke="#fff"
        strokeLinecap="round"
        strokeLinejoin="round"
        strokeWidth="2.4"
      />
    </svg>
  );
}
