using System.Globalization;
using System.Text;
using CnnFast.Graphs;

namespace CnnFast;

/// <summary>Writes the table of a model's layers.</summary>
internal static class ModelSummary
{
    public static string Write(Model model)
    {
        bool chain = IsChain(model.Layers);
        var rows = new List<string[]> { (string[])["Layer", "Output shape", "Parameters", "Multiply-adds", "Reads"] };
        foreach (LayerInfo layer in model.Layers)
            rows.Add([$"{layer.Name} ({layer.Kind})", ShapeText.Of(layer.OutputShape, layer.HasBatch), Number(layer.ParameterCount),
                Number(layer.MultiplyAdds), string.Join(", ", layer.Inputs)]);

        int[] widths = [.. Enumerable.Range(0, 5).Select(column => rows.Max(row => row[column].Length))];
        int columns = chain ? 4 : 5;
        var text = new StringBuilder();
        if (model.Name is not null)
            text.Append("Model ").Append(model.Name).Append('\n');
        for (int i = 0; i < rows.Count; i++)
        {
            text.Append(Line(rows[i], widths, columns)).Append('\n');
            if (i == 0)
                text.Append('-', widths.Take(columns).Sum() + (2 * (columns - 1))).Append('\n');
        }

        text.Append(CultureInfo.InvariantCulture,
            $"Total: {Number(model.ParameterCount)} parameters ({Number(model.ParameterCount * sizeof(float))} bytes), " +
                $"{Number(model.MultiplyAdds)} multiply-adds{(model.Inputs.All(input => !input.HasBatch) ? "" : " a sample")}");
        return text.Append('\n').ToString();
    }

    private static bool IsChain(IReadOnlyList<LayerInfo> layers)
    {
        for (int i = 1; i < layers.Count; i++)
        {
            if (layers[i].Inputs.Count != 1 || layers[i].Inputs[0] != layers[i - 1].Name)
                return false;
        }

        return true;
    }

    private static string Line(string[] row, int[] widths, int columns)
    {
        string line =
            $"{row[0].PadRight(widths[0])}  {row[1].PadRight(widths[1])}  {row[2].PadLeft(widths[2])}  {row[3].PadLeft(widths[3])}";
        return columns == 5 ? $"{line}  {row[4]}".TrimEnd() : line;
    }

    private static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
}
