/** The bowl, mended. */
export function Mark() {
  return (
    <svg viewBox="0 0 32 32" width={22} height={22} aria-hidden="true">
      <path d="M3 9h26c0 9.5-5 16-13 16S3 18.5 3 9z" fill="var(--ink)" />
      <path d="M11.5 25h9v2.5h-9z" fill="var(--ink)" />
      <path
        d="M12.5 9l3 5.2-3.2 3.3 5 7.4M15.5 14.2l6.3 1.3 3.7-2.7M21.8 15.5l1.6 5"
        fill="none"
        stroke="var(--seam)"
        strokeWidth={1.8}
        strokeLinejoin="round"
        strokeLinecap="round"
      />
    </svg>
  );
}
