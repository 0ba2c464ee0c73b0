export function TrendsPage() {
  return <p>trends</p>;
}
