using System.CommandLine;
using System.Globalization;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>The options of <c>cnnfast train</c>.</summary>
internal sealed class TrainOptions
{
    private const int MaxEpochs = 100_000;
    private const int MaxBatchSize = 65_536;
    private const int MaxPatience = 100_000;
    private const double MaxLearningRate = 1000;
    private const string HeStart = "he";
    private const double DefaultValidation = 0.05;
    private const double PictureValidation = 0.15;
    private const int PicturePatience = 10;

    private readonly Option<string> _data = DataSource.Option("What to train and test on:");

    private readonly Option<int?> _classes = DataSource.Classes();
    private readonly Option<string?> _size = PictureSize.Option("64x64, or what --from expects");
    private readonly Option<int?> _trainCount = NumberOption.OptionalWhole("--train-count",
        "Train on the first N images of the training set alone; validation is of those that follow [default: all].", 1, int.MaxValue);
    private readonly Option<double?> _validation = NumberOption.OptionalPart("--validation",
        "The part of the training images, of each class alike, that is left for validation; 0 for none " +
            "[default: 0.05; pictures 0.15; the model tutorial 0].", 0.9);
    private readonly Option<string?> _model = OneOf<string?>(
        "--model",
        "The net and its recipe; see the notes [default: digits; for pictures photos].",
        null,
        [.. ModelPresets.All.Select(preset => preset.Name)]);

    private readonly Option<string?> _from = new("--from")
    {
        Description = "Start from the body of this model (.onnx or .safetensors), which stays as it is, with a new head on it. " +
            "The features of all pictures are computed once.",
        HelpName = "MODEL",
    };

    private readonly Option<string?> _cut = new("--cut")
    {
        Description = "The last layer of --from to keep ('cnnfast inspect' lists them) [default: the one before its last filter].",
        HelpName = "LAYER",
    };

    private readonly Option<string?> _unfreeze = new("--unfreeze")
    {
        Description = "Train these parameters or layers of --from too: * stands for any characters, as in 'block4/*' or '*'.",
        HelpName = "PATTERN",
    };

    private readonly Option<int?> _epochs = NumberOption.OptionalWhole("--epochs",
        "How often every image is seen, at most [default: the model's recipe].", 1, MaxEpochs);
    private readonly Option<int?> _patience = NumberOption.OptionalWhole("--patience",
        "Stop when the validation loss has not become better for so many epochs, and keep the best weights; 0 for never " +
            "[default: pictures 10, else 0].", 0, MaxPatience);
    private readonly Option<int?> _batchSize = NumberOption.OptionalWhole("--batch-size",
        "Images of one step [default: the model's recipe].", 1, MaxBatchSize);
    private readonly Option<string?> _optimizer = OneOf<string?>("--optimizer",
        "Another than the recipe's [default: the model's recipe].", null,
        [.. Optimizers.Names]);
    private readonly Option<double?> _learningRate = NumberOption.OptionalReal(
        "--learning-rate", "The learning rate [default: the model's recipe, or what is common for --optimizer].", 0, MaxLearningRate);
    private readonly Option<double?> _weightDecay = NumberOption.OptionalPart(
        "--weight-decay", "The weight decay of the filters [default: that of the model's recipe; 0 with another optimizer].", 1);

    private readonly Option<bool> _noAugmentation = new("--no-augmentation")
    {
        Description = "Leave the training images as they are.",
    };

    private readonly Option<bool> _skipUnreadable = new("--skip-unreadable")
    {
        Description = "Leave out pictures that cannot be read, and say which, instead of stopping.",
    };

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
        Description = "Go on with a training that was interrupted, from the .checkpoint beside the file of --out, to the same bits. The " +
            "other options have to be the same. Where there is no checkpoint, a new training starts from the weights in the file of --out.",
    };

    private readonly Option<string?> _log = new("--log")
    {
        Description = "Write the figures of every epoch to this file as comma-separated values.",
        HelpName = "FILE.csv",
    };

    private readonly Option<string?> _tensorBoard = new("--tensorboard")
    {
        Description = "Write event files for TensorBoard to this folder.",
        HelpName = "DIR",
    };

    private readonly Option<string?> _report = new("--report")
    {
        Description = "Write a page about the training to this file, after every epoch and at the end: curves, layers, filters, mistakes.",
        HelpName = "FILE.html",
    };

    private readonly Option<int?> _live = LivePort();

    public void AddTo(Command command)
    {
        foreach (Option option in (ReadOnlySpan<Option>)[_data, _classes, _size, _trainCount, _validation, _model, _from, _cut, _unfreeze,
            _epochs, _patience, _batchSize, _optimizer, _learningRate, _weightDecay, _noAugmentation, _skipUnreadable, _init, _seed,
            _threads, _out, _resume, _log, _tensorBoard, _report, _live])
            command.Add(option);
    }

    /// <summary>What was asked for, with the recipe of the model where nothing was.</summary>
    /// <exception cref="InputException">Options do not fit together.</exception>
    public TrainRequest Read(ParseResult parse)
    {
        string data = parse.GetValue(_data)!;
        bool pictures = DataSource.IsPictures(data);
        ModelPreset preset = ModelPresets.Find(parse.GetValue(_model) ?? (pictures ? "photos" : "digits"))!;
        RequireTogether(parse);
        int patience = parse.GetValue(_patience) ?? (pictures ? PicturePatience : 0);
        double validation = parse.GetValue(_validation)
            ?? (pictures ? PictureValidation : preset.Name == ModelPresets.Tutorial.Name ? 0 : DefaultValidation);
        bool isGiven = DataSource.HasValidation(data);
        if (isGiven && parse.GetValue(_validation) is not null)
            throw new InputException($"--validation is a part of the training images, and '{data}' has a folder for validation; expected " +
                "one of them.");
        if (patience > 0 && validation == 0 && !isGiven)
            throw new InputException($"--patience is '{patience}', and --validation is 0: there is nothing to tell the best epoch by; " +
                "expected a part for validation, or --patience 0.");
        return new TrainRequest
        {
            Preset = parse.GetValue(_init) == HeStart ? preset.WithHeInitialization() : preset,
            Data = data,
            Classes = parse.GetValue(_classes),
            Size = PictureSize.Read(parse.GetValue(_size)),
            TrainCount = parse.GetValue(_trainCount),
            Validation = validation,
            AsksForValidation = parse.GetValue(_patience) > 0 || parse.GetValue(_validation) > 0,
            SkipUnreadable = parse.GetValue(_skipUnreadable),
            From = parse.GetValue(_from),
            Cut = parse.GetValue(_cut),
            Unfreeze = parse.GetValue(_unfreeze),
            Optimizer = ReadOptimizer(parse, preset.Optimizer),
            Fit = preset.Options with
            {
                Epochs = parse.GetValue(_epochs) ?? preset.Options.Epochs,
                BatchSize = parse.GetValue(_batchSize) ?? preset.Options.BatchSize,
                Augmentation = parse.GetValue(_noAugmentation) ? null : preset.Options.Augmentation,
                EarlyStopping = patience > 0 ? new EarlyStopping(patience) : null,
                RestoreBest = patience > 0,
                MaxThreads = parse.GetValue(_threads),
                Seed = parse.GetValue(_seed),
            },
            Out = parse.GetValue(_out) ?? preset.Name + ".safetensors",
            Resume = parse.GetValue(_resume),
            Log = parse.GetValue(_log),
            TensorBoard = parse.GetValue(_tensorBoard),
            Report = parse.GetValue(_report),
            Live = parse.GetValue(_live),
        };
    }

    private void RequireTogether(ParseResult parse)
    {
        if (parse.GetValue(_from) is null && (parse.GetValue(_cut) ?? parse.GetValue(_unfreeze)) is not null)
            throw new InputException("--cut and --unfreeze are about the model of --from; expected it too.");
        if (parse.GetValue(_from) is not null && parse.GetValue(_model) is not null)
            throw new InputException("--from and --model are both given; expected one of them.");
        if (parse.GetValue(_from) is not null && parse.GetValue(_init) == HeStart)
            throw new InputException("--init is about the weights of --model, and --from brings its own; expected one of them.");
    }

    // The recipe's optimizer by its name is the recipe's, with what is asked for in place of its own.
    private Optimizer ReadOptimizer(ParseResult parse, Optimizer recipe)
    {
        string own = NameOf(recipe), name = parse.GetValue(_optimizer) ?? own;
        float? rate = (float?)parse.GetValue(_learningRate) ?? (name == own ? recipe.LearningRate : null);
        if (parse.GetValue(_weightDecay) is { } decay)
            return Optimizers.Create(name, rate, (float)decay);
        if (name == own)
            return recipe.WithLearningRate(rate!.Value);
        Optimizer other = Optimizers.Create(name, rate);
        return other is Sgd sgd && recipe is Sgd { L2: var l2 }
            ? new Sgd(sgd.LearningRate, sgd.Momentum, l2, nesterov: sgd.Nesterov)
            : other;
    }

    private static string NameOf(Optimizer optimizer) => optimizer switch
    {
        Sgd sgd => sgd.Momentum > 0 ? "momentum" : "sgd",
        AdamW => "adamw",
        _ => "adam",
    };

    private static Option<int?> LivePort()
    {
        Option<int?> option = NumberOption.OptionalWhole("--live",
            "Show that page to browsers of this machine while the training goes on, on this port [default: a free one].", 0,
            ushort.MaxValue);
        option.HelpName = "PORT";
        option.Arity = ArgumentArity.ZeroOrOne;
        Func<System.CommandLine.Parsing.ArgumentResult, int?> whole = option.CustomParser!;
        option.CustomParser = result => result.Tokens.Count == 0 ? 0 : whole(result);
        return option;
    }

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
                result.AddError($"{name} is '{text}'; expected {string.Join(", ", values)}{DidYouMean.Hint(text, values)}");
                return defaultValue;
            },
        };
        option.CompletionSources.Add(values);
        if (defaultValue is not null)
            option.DefaultValueFactory = _ => defaultValue;
        return option;
    }
}
