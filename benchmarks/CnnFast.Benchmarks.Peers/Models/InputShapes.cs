using System.Globalization;

namespace CnnFast.Benchmarks.Peers;

/// <summary>Dimensions of inputs on a command line: <c>x=1x3x48x192</c>, or <c>1x3x48x192</c> for the first input.</summary>
internal static class InputShapes
{
    /// <summary>The dimensions by name; the empty name is that of the first input.</summary>
    /// <exception cref="FormatException">A text is no such shape.</exception>
    public static Dictionary<string, int[]> Parse(IEnumerable<string> texts)
    {
        var shapes = new Dictionary<string, int[]>();
        foreach (string text in texts)
        {
            int end = text.LastIndexOf('=');
            string name = end < 0 ? "" : text[..end];
            int[] dimensions = [.. text[(end + 1)..].Split('x')
                .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : 0)];
            if (dimensions.Contains(0) || !shapes.TryAdd(name, dimensions))
                throw new FormatException(
                    $"--shape '{text}': expected dimensions above 0 such as 1x3x48x192 or x=1x3x48x192, once an input.");
        }

        return shapes;
    }

    /// <summary>Dimensions by name as <see cref="Parse"/> reads them.</summary>
    public static IEnumerable<string> Write(IReadOnlyDictionary<string, int[]> shapes) =>
        shapes.Select(input => $"{input.Key}={string.Join('x', input.Value)}");
}
