using System.CommandLine;
using System.Globalization;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>The options of <c>cnnfast train</c>.</summary>
internal sealed class TrainOptions
{
    private const int MaxEpochs = 100_000;
    private const int MaxBatchSize = 65_536;
    private const double MaxLearningRate = 1000;
    private const float SgdMomentum = 0.9f;
    private const string HeStart = "he";

    private readonly Option<string> _data = DataSource.Option("What to train and test on:");
    private readonly Option<int?> _trainCount = NumberOption.OptionalWhole("--train-count",
        "Train on the first N images of the training set alone [default: all].", 1, int.MaxValue);
    private readonly Option<string> _model = OneOf(
        "--model",
        "The net and its recipe; see the notes.",
        ModelPresets.All[0].Name,
        [.. ModelPresets.All.Select(preset => preset.Name)]);

    private readonly Option<int?> _epochs = NumberOption.OptionalWhole("--epochs",
        "How often every image is seen [default: the model's recipe].", 1, MaxEpochs);
    private readonly Option<int?> _batchSize = NumberOption.OptionalWhole("--batch-size",
        "Images of one step [default: the model's recipe].", 1, MaxBatchSize);
    private readonly Option<string?> _optimizer = OneOf<string?>("--optimizer", "adam, sgd, or momentum (sgd with momentum 0.9), " +
        "in place of the recipe's; adam without weight decay [default: the model's recipe].", null, "adam", "sgd", "momentum");
    private readonly Option<double?> _learningRate = NumberOption.OptionalReal(
        "--learning-rate", "The learning rate [default: the model's recipe; for another --optimizer: adam 0.001, sgd 0.1, momentum 0.01].",
        0, MaxLearningRate);

    private readonly Option<string> _init = OneOf("--init",
        "How the weights start: as the model's recipe says (preset), or after He with biases 0 (he).", "preset", "preset", HeStart);
    private readonly Option<ulong> _seed = new("--seed")
    {
        Description = "Decides every random choice: the same seed gives the same model to the bit, at any number of threads.",
        HelpName = "N",
        DefaultValueFactory = _ => 0,
        CustomParser = ParseSeed,
    };

    private readonly Option<int> _threads = CommonOptions.Threads();
    private readonly Option<string?> _out = new("--out")
    {
        Description = "The file to save the model in [default: the model's name with .safetensors, in the current folder].",
        HelpName = "FILE.safetensors",
    };

    private readonly Option<bool> _resume = new("--resume")
    {
        Description = "Start from the weights in the file of --out where it exists, instead of random ones. " +
            "Only weights are kept in that file: the optimizer's memory, the learning rate's schedule and the count of epochs start anew.",
    };

    public void AddTo(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_data, _trainCount, _model, _epochs, _batchSize, _optimizer, _learningRate, _init,
            _seed, _threads, _out, _resume])
            command.Add(option);
    }

    /// <summary>What was asked for, with the recipe of the model where nothing was.</summary>
    public TrainRequest Read(ParseResult parse)
    {
        ModelPreset preset = ModelPresets.Find(parse.GetValue(_model)!)!;
        ulong seed = parse.GetValue(_seed);
        return new TrainRequest
        {
            Preset = parse.GetValue(_init) == HeStart ? preset.WithHeInitialization() : preset,
            Data = parse.GetValue(_data)!,
            TrainCount = parse.GetValue(_trainCount),
            Optimizer = ReadOptimizer(parse, preset.Optimizer),
            Fit = preset.Options with
            {
                Epochs = parse.GetValue(_epochs) ?? preset.Options.Epochs,
                BatchSize = parse.GetValue(_batchSize) ?? preset.Options.BatchSize,
                MaxThreads = parse.GetValue(_threads),
                Seed = seed,
            },
            Out = parse.GetValue(_out) ?? preset.Name + ".safetensors",
            Resume = parse.GetValue(_resume),
        };
    }

    private Optimizer ReadOptimizer(ParseResult parse, Optimizer recipe)
    {
        float? rate = (float?)parse.GetValue(_learningRate);
        string? name = parse.GetValue(_optimizer);
        if (name == NameOf(recipe))
            name = null;
        return name switch
        {
            "adam" => new Adam(rate ?? 1e-3f),
            "sgd" => new Sgd(rate ?? 0.1f, l2: recipe.L2),
            "momentum" => new Sgd(rate ?? 0.01f, SgdMomentum, recipe.L2),
            _ => rate is null ? recipe : recipe.WithLearningRate(rate.Value),
        };
    }

    private static string NameOf(Optimizer optimizer) => optimizer is Sgd sgd ? sgd.Momentum > 0 ? "momentum" : "sgd" : "adam";

    private static ulong ParseSeed(System.CommandLine.Parsing.ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        if (ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong seed))
            return seed;
        result.AddError($"--seed is '{text}'; expected a whole number from 0 to {ulong.MaxValue}");
        return 0;
    }

    private static Option<T> OneOf<T>(string name, string description, T defaultValue, params string[] values)
        where T : class?
    {
        var option = new Option<T>(name)
        {
            Description = description,
            HelpName = string.Join('|', values),
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (values.FirstOrDefault(value => value.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } found)
                    return (T)(object)found;
                result.AddError($"{name} is '{text}'; expected {string.Join(", ", values)}");
                return defaultValue;
            },
        };
        if (defaultValue is not null)
            option.DefaultValueFactory = _ => defaultValue;
        return option;
    }
}
