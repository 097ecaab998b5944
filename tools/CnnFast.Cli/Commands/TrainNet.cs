using System.Globalization;
using CnnFast.Data;
using CnnFast.Layers;
using CnnFast.Onnx;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary>What is trained, on what, and the whole model that it is a part of.</summary>
internal sealed class TrainNet
{
    private const int Variants = 4;
    private const float Dropout = 0.2f;

    private readonly Model? _body;
    private readonly Layer[] _head = [];
    private readonly ulong _seed;

    private TrainNet(TrainData data, Model trained, IDataset train, IDataset? validation, string describe)
    {
        (Data, Trained, Train, Validation, Describe) = (data, trained, train, validation, describe);
    }

    private TrainNet(TrainData data, Model body, Layer[] head, ulong seed, IDataset train, IDataset? validation, string describe)
        : this(data, new Sequential(head).Build(body.OutputShape, seed), train, validation, describe)
    {
        (_body, _head, _seed) = (body, head, seed);
    }

    /// <summary>The images.</summary>
    public TrainData Data { get; }

    /// <summary>The model that the trainer trains: the whole, or a head on features.</summary>
    public Model Trained { get; }

    /// <summary>What the trainer trains on: images or their features.</summary>
    public IDataset Train { get; }

    /// <summary>What it validates on.</summary>
    public IDataset? Validation { get; }

    /// <summary>In words.</summary>
    public string Describe { get; }

    /// <summary>How bytes become numbers where the recipe does not say.</summary>
    public Normalization? Normalization { get; private init; }

    /// <summary>Whether the trainer changes images; else it was done before, or cannot be.</summary>
    public bool TakesAugmentation => Train is IImageDataset;

    /// <summary>Reads the data and builds the net.</summary>
    /// <param name="host">Told of what takes time.</param>
    /// <param name="request">What was asked for.</param>
    /// <param name="path">The file of <c>--out</c>, whose weights a training that is resumed without a checkpoint starts from.</param>
    public static TrainNet Create(CommandHost host, TrainRequest request, string path)
    {
        if (request.From is null)
        {
            (int h, int w) = PictureSize.OrUsual(request.Size);
            TrainData data = TrainData.Load(request, new Shape(h, w, PictureSize.Colours), host);
            Model? saved = Saved(host, request, data, path);
            Model model = saved ?? request.Preset.Build(data.Train.ImageShape, data.Classes, request.Fit.Seed);
            string words = string.Create(CultureInfo.InvariantCulture, $"{request.Preset.Name} ({model.ParameterCount:N0} weights)");
            return new TrainNet(data, model, data.Train, data.Validation, words)
            {
                Normalization = saved is not null ? saved.Normalization
                    : data.ArePictures ? data.Train.ComputeNormalization(request.Fit.MaxThreads, host.Stop)
                    : request.Fit.Normalization,
            };
        }

        return OnBody(host, request, path, BodyOf(request, request.From));
    }

    /// <summary>The whole model as it is trained now.</summary>
    public Model Whole()
    {
        if (_body is null)
            return Trained;
        Model whole = _body.WithHead(_head, _seed);
        int bodyParameters = whole.Parameters.Count - Trained.Parameters.Count;
        for (int i = 0; i < Trained.Parameters.Count; i++)
            whole.Parameters[bodyParameters + i].Assign(Trained.Parameters[i].Values);
        whole.ClassNames = Data.Train.ClassNames;
        return whole;
    }

    private static Model? Saved(CommandHost host, TrainRequest request, TrainData data, string path)
    {
        if (!request.Resume || File.Exists(TrainRequest.CheckpointOf(path)) || !File.Exists(path))
            return null;
        Model model = Model.Load(path);
        if (model.Name != request.Preset.Name)
            throw new InputException(
                $"--resume: '{request.Out}' holds the model '{model.Name ?? "without a name"}', but --model is '{request.Preset.Name}'.");
        if (model.InputShape != data.Train.ImageShape || model.OutputShape != new Shape(data.Classes))
            throw new InputException($"--resume: '{request.Out}' maps {model.InputShape} to {model.OutputShape}; " +
                $"the images of --data need {data.Train.ImageShape} to [{data.Classes}].");
        host.Notes.WriteLine($"Starting from the weights in {path}.");
        return model;
    }

    private static TrainNet OnBody(CommandHost host, TrainRequest request, string path, Model body)
    {
        if (request.Resume && File.Exists(path) && !File.Exists(TrainRequest.CheckpointOf(path)))
            throw new InputException($"--resume: '{request.Out}' is there without a checkpoint, so its training is complete; expected " +
                "no --resume for a new head, or another --out.");
        Shape input = body.InputShape;
        if (input.Rank != 3 || body.Inputs.Count != 1)
            throw new InputException($"--from: '{request.From}' takes {input}; expected a model of images [H, W, C].");
        if (request.Size is { } size && size != (input[0], input[1]))
            throw new InputException($"--size is {size.H}x{size.W}, and '{request.From}' takes {input[0]}x{input[1]}; expected that.");
        if (DataSource.IsPictures(request.Data) && input[2] is not (1 or PictureSize.Colours))
            throw new InputException($"--from: '{request.From}' takes images of {input[2]} channels; pictures have 1 or 3.");
        TrainData data = TrainData.Load(request, input, host);
        if (data.Train.ImageShape != input)
            throw new InputException($"--from: '{request.From}' takes images of {input}; those of --data are {data.Train.ImageShape}.");

        // A model file says how its bytes become numbers; most ONNX files do not.
        if (ModelSource.IsOnnx(request.From!) && body.Normalization == default)
            body.Normalization = data.Train.ComputeNormalization(request.Fit.MaxThreads, host.Stop);
        Layer[] head = [.. HeadFor(body.OutputShape, data.Classes)];
        body.Freeze("*");
        string words = $"a head on '{Path.GetFileName(request.From)}'";
        if (request.Unfreeze is { } pattern)
        {
            int parameters = Unfreeze(body, pattern);
            Model whole = body.WithHead(head, request.Fit.Seed);
            return new TrainNet(data, whole, data.Train, data.Validation, $"{words} and {parameters} parameters of it");
        }

        var options = new FeatureOptions
        {
            Augmentation = request.Fit.Augmentation,
            Variants = request.Fit.Augmentation is null ? 1 : Variants,
            Seed = request.Fit.Seed,
            MaxThreads = request.Fit.MaxThreads,
        };
        host.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Computing the features of {data.Train.Count + (data.Validation?.Count ?? 0):N0} images once."));
        IDataset train = Features.Compute(body, data.Train, options, cancellationToken: host.Stop);
        IDataset? validation = data.Validation is null
            ? null
            : Features.Compute(body, data.Validation, options with { Variants = 1, Augmentation = null }, cancellationToken: host.Stop);
        return new TrainNet(data, body, head, request.Fit.Seed, train, validation, words);
    }

    private static int Unfreeze(Model body, string pattern)
    {
        try
        {
            return body.Unfreeze(pattern);
        }
        catch (ArgumentException e)
        {
            throw new InputException(
                $"--unfreeze is '{pattern}', which names no parameter or layer of --from; 'cnnfast inspect' lists them.",
                e);
        }
    }

    private static Model BodyOf(TrainRequest request, string from)
    {
        Model model = ModelSource.IsOnnx(from) ? Import(request, from) : ModelSource.Load(from);
        try
        {
            return request.Cut is { } layer ? model.Cut(layer) : model.WithoutHead();
        }
        catch (ArgumentException e)
        {
            throw new InputException(request.Cut is { } cut
                ? $"--cut is '{cut}', which is no layer of '{from}'; 'cnnfast inspect' lists them."
                : $"--from: '{from}' has no head to take off; --cut names the last layer to keep.", e);
        }
    }

    // Sizes that the file leaves open are those of --size.
    private static Model Import(TrainRequest request, string from)
    {
        OnnxModel onnx = OnnxModel.Load(from);
        if (onnx.Inputs is not [{ Dimensions: { Count: 4 } dimensions } input])
            throw new InputException(
                $"--from: '{from}' does not take one batch of images; expected a model with one input of 4 dimensions.");
        (int h, int w) = PictureSize.OrUsual(request.Size);
        int[] shape = [.. dimensions];
        bool channelsLast = shape[3] is 1 or 3 && shape[1] is not (1 or 3);
        (int row, int column) = channelsLast ? (1, 2) : (2, 3);
        shape[0] = shape[0] < 0 ? 1 : shape[0];
        shape[row] = shape[row] < 0 ? h : shape[row];
        shape[column] = shape[column] < 0 ? w : shape[column];
        return onnx.ToModel(new Dictionary<string, int[]> { [input.Name] = shape }, OnnxLayout.Nhwc);
    }

    private static IEnumerable<Layer> HeadFor(Shape features, int classes)
    {
        if (features.Rank == 3)
            yield return new GlobalAveragePool2D();
        else if (features.Rank == 2)
            yield return new GlobalAveragePool1D();
        yield return new Dropout(Dropout);
        yield return new Dense(classes, name: "head");
        yield return new Softmax();
    }
}
