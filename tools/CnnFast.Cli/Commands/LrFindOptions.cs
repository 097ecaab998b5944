using System.CommandLine;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>The options of <c>cnnfast lr-find</c>.</summary>
internal sealed class LrFindOptions
{
    private const int MaxSteps = 100_000;
    private const int MaxBatchSize = 65_536;
    private const double MaxRate = 1e6;

    private static readonly LearningRateFinderOptions s_default = new();

    private readonly Argument<string> _model = new("MODEL-OR-PRESET")
    {
        Description = $"A model file (.safetensors), or a net with its recipe: {string.Join(", ", ModelPresets.All.Select(p => p.Name))}.",
        DefaultValueFactory = _ => ModelPresets.All[0].Name,
    };

    private readonly Option<string> _data = DataSource.Option("What to train on:");
    private readonly Option<int?> _classes = DataSource.Classes();
    private readonly Option<string?> _size = PictureSize.Option("64x64, or what a model file takes");
    private readonly Option<string?> _optimizer = new("--optimizer")
    {
        Description = $"{string.Join(", ", Optimizers.Names)} [default: the model's recipe; adam for a file].",
        HelpName = "NAME",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (Optimizers.Names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
                return found;
            result.AddError($"--optimizer is '{text}'; expected {string.Join(", ", Optimizers.Names)}");
            return null;
        },
    };

    private readonly Option<double> _min = NumberOption.Real("--min", "The first learning rate.", 1e-6, 0, MaxRate);
    private readonly Option<double> _max = NumberOption.Real("--max", "The last learning rate, above --min.", 10, 0, MaxRate);
    private readonly Option<int> _steps = NumberOption.Whole("--steps", "The steps from one to the other.", s_default.Steps, 3, MaxSteps);
    private readonly Option<int?> _batchSize = NumberOption.OptionalWhole("--batch-size",
        "Images of one step [default: the model's recipe; 64 for a file].", 1, MaxBatchSize);
    private readonly Option<int> _seed = NumberOption.Whole("--seed", "Decides the weights of a preset and the order of the images.", 0, 0,
        int.MaxValue);
    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string> _out = new("--out")
    {
        Description = "The file for the curve as a picture.",
        HelpName = "FILE.svg",
        DefaultValueFactory = _ => "lr-find.svg",
    };

    public void AddTo(Command command)
    {
        command.Add(_model);
        foreach (Option option in (ReadOnlySpan<Option>)[_data, _classes, _size, _optimizer, _min, _max, _steps, _batchSize,
            _seed, _threads, _out])
            command.Add(option);
    }

    /// <exception cref="InputException">The range is empty.</exception>
    public LrFindRequest Read(ParseResult parse)
    {
        float min = (float)parse.GetValue(_min), max = (float)parse.GetValue(_max);
        if (min >= max)
            throw new InputException(FormattableString.Invariant($"--max is '{max}'; expected a number above --min, {min}."));
        LearningRateFinderOptions options = s_default with
        {
            MinLearningRate = min,
            MaxLearningRate = max,
            Steps = parse.GetValue(_steps),
            Seed = (ulong)parse.GetValue(_seed),
            MaxThreads = parse.GetValue(_threads),
        };
        return new LrFindRequest(parse.GetValue(_model)!, parse.GetValue(_data)!, PictureSize.Read(parse.GetValue(_size)),
            parse.GetValue(_classes), parse.GetValue(_optimizer), parse.GetValue(_batchSize), options, parse.GetValue(_out)!);
    }
}
