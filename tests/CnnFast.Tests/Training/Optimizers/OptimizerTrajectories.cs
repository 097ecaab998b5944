using System.Globalization;

namespace CnnFast.Tests.Training;

/// <summary>
/// The trajectories in optimizer-steps.txt: weights that PyTorch's optimizers came to in double, made by tools/torch-optimizer-steps.cs.
/// </summary>
internal sealed class OptimizerTrajectories
{
    private readonly Dictionary<string, double[][]> _steps = [];
    private readonly List<float[]> _gradients = [];

    private OptimizerTrajectories(string path)
    {
        string name = "";
        var steps = new List<double[]>();
        foreach (string line in File.ReadLines(path).Where(line => !line.StartsWith('#')))
        {
            int space = line.IndexOf(' ', StringComparison.Ordinal);
            string kind = line[..space], values = line[(space + 1)..];
            if (kind == "weights")
                Start = Floats(values);
            else if (kind == "gradient")
                _gradients.Add(Floats(values));
            else if (kind == "step")
                steps.Add(Array.ConvertAll(values.Split(' '), value => double.Parse(value, CultureInfo.InvariantCulture)));
            else
            {
                name = line;
                steps = [];
            }

            if (kind == "step")
                _steps[name] = [.. steps];
        }
    }

    public static OptimizerTrajectories Shared { get; } =
        new(Path.Combine(AppContext.BaseDirectory, "Training", "Optimizers", "optimizer-steps.txt"));

    /// <summary>The weights before the first step.</summary>
    public float[] Start { get; } = [];

    /// <summary>The gradients of the steps.</summary>
    public IReadOnlyList<float[]> Gradients => _gradients;

    /// <summary>The optimizers with their options, one line each.</summary>
    public IEnumerable<string> Names => _steps.Keys;

    /// <summary>The weights after each step.</summary>
    public double[][] StepsOf(string name) => _steps[name];

    /// <summary>The options of a line.</summary>
    public static Dictionary<string, float> Options(string name) => name.Split(' ').Skip(1).Select(option => option.Split('='))
        .ToDictionary(
            option => option[0],
            option => option[1] switch { "true" => 1, "false" => 0, var number => float.Parse(number, CultureInfo.InvariantCulture) });

    private static float[] Floats(string values) =>
        Array.ConvertAll(values.Split(' '), value => (float)double.Parse(value, CultureInfo.InvariantCulture));
}
