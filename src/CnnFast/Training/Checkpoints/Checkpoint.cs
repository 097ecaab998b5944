using System.Globalization;
using CnnFast.Data;
using CnnFast.Files;

namespace CnnFast.Training;

/// <summary>
/// Checkpoint files: safetensors with the parameters (<c>model/</c>), what the optimizer remembers (<c>optimizer/</c>), the moving average
/// of the weights (<c>average/</c>) and the best weights (<c>best/</c>), and metadata with the rest. Untrusted as model files are.
/// </summary>
internal static class Checkpoint
{
    /// <summary>The version that this library writes; it reads those before too: version 1 does not say with which options.</summary>
    public const int FormatVersion = 2;

    private const string Format = "cnnfast-checkpoint";
    private const string FormatKey = "format";
    private const string VersionKey = "format_version";
    private const string StateKey = "training";
    private const int NamesShown = 3;

    /// <summary>Writes a checkpoint; an existing file is replaced when the new one is complete.</summary>
    /// <exception cref="IOException">The file cannot be written; the old one is as it was.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    public static void Save(TrainerState state, string path)
    {
        bool swapped = state.Average is { IsSwapped: true };
        state.TakeTrained();
        try
        {
            SafetensorsWriter.Write(path, Tensors(state).Select(tensor => new SafetensorsTensor(tensor.Name, tensor.Shape, tensor.Values)),
                new Dictionary<string, string>
                {
                    [FormatKey] = Format,
                    [VersionKey] = FormatVersion.ToString(CultureInfo.InvariantCulture),
                    [StateKey] = CheckpointText.Write(Describe(state)),
                });
        }
        finally
        {
            if (swapped)
                state.Average!.Swap();
        }
    }

    /// <summary>Reads a checkpoint; where it does not fit, nothing has changed.</summary>
    /// <exception cref="DataFormatException">The file is no checkpoint, is damaged, or was written by a newer version.</exception>
    /// <exception cref="ArgumentException">It is of another model or optimizer; the message says what differs.</exception>
    public static void Load(TrainerState state, string path)
    {
        SafetensorsFile file = SafetensorsFile.Read(path);
        CheckpointState read = ReadState(file);
        string optimizer = state.Optimizer.Optimizer.GetType().Name;
        if (read.Optimizer != optimizer)
            throw new ArgumentException($"Trainer.LoadCheckpoint: '{path}' is of a training with {read.Optimizer}; " +
                $"this trainer has {optimizer}.", nameof(path));
        RequireModel(state, file, path);
        RequireFrozen(state, read, path);
        RequireState(state, read, file);
        var average = Averages(state, file, read);
        var best = Has(file, "best/")
            ? state.Losses.Model.Parameters.Select(parameter => new AlignedBuffer<float>(parameter.Shape.ElementCount)).ToArray()
            : null;
        (string Name, Shape Shape, Memory<float> Values)[] tensors = [.. Tensors(state, average, best)];
        RequireOptimizer(state, file, read, path);
        RequireTensors(file, tensors);
        Describe(state.Losses.Model, file, read);

        state.TakeTrained();
        (state.Average, state.Best) = (average, best);
        foreach ((string name, Shape _, Memory<float> values) in Tensors(state).ToArray())
            file[name].Data.Span.CopyTo(values.Span);
        foreach (Parameter parameter in state.Losses.Model.Parameters)
            parameter.BeginWrite();
        Restore(state, read);
        // After a Fit a model holds the averages.
        if (!read.IsOpen)
            state.Average?.Swap();
    }

    // What a model knows beside its parameters.
    private static void Describe(Model model, SafetensorsFile file, CheckpointState read)
    {
        Normalization before = model.Normalization;
        try
        {
            model.Normalization = Normalization.PerChannel(read.NormalizationScales, read.NormalizationOffsets);
            model.ClassNames = read.ClassNames;
        }
        catch (ArgumentException e)
        {
            model.Normalization = before;
            throw new DataFormatException($"{file.Name}: the normalisation or the class names of its metadata do not fit the model.", e);
        }
    }

    private static CheckpointState ReadState(SafetensorsFile file)
    {
        if (!file.Metadata.TryGetValue(FormatKey, out string? format) || format != Format)
            throw new DataFormatException($"{file.Name}: it is no checkpoint; expected a file that Trainer.SaveCheckpoint wrote.");
        if (!int.TryParse(file.Metadata.GetValueOrDefault(VersionKey), NumberStyles.None, CultureInfo.InvariantCulture, out int version)
            || version < 1)
            throw new DataFormatException($"{file.Name}: the metadata entry '{VersionKey}' is no whole number of at least 1.");
        if (version > FormatVersion)
            throw new DataFormatException($"{file.Name}: the format version is {version}; this library reads up to {FormatVersion}: " +
                "update CnnFast to read it.");
        return CheckpointText.TryRead(file.Metadata.GetValueOrDefault(StateKey, ""))
            ?? throw new DataFormatException($"{file.Name}: the metadata entry '{StateKey}' is no state of a training.");
    }

    private static bool Has(SafetensorsFile file, string prefix) =>
        file.Tensors.Any(tensor => tensor.Name.StartsWith(prefix, StringComparison.Ordinal));

    private static void RequireModel(TrainerState state, SafetensorsFile file, string path)
    {
        const string Prefix = "model/";
        Dictionary<string, Shape> saved = file.Tensors.Where(tensor => tensor.Name.StartsWith(Prefix, StringComparison.Ordinal))
            .ToDictionary(tensor => tensor.Name[Prefix.Length..], tensor => tensor.Shape);
        Dictionary<string, Shape> own =
            state.Losses.Model.Parameters.ToDictionary(parameter => parameter.Name, parameter => parameter.Shape);
        string[] differences =
        [
            .. saved.Where(pair => !own.ContainsKey(pair.Key)).Select(pair => $"it has '{pair.Key}' {pair.Value}, which the model lacks"),
            .. own.Where(pair => !saved.ContainsKey(pair.Key)).Select(pair => $"it lacks '{pair.Key}' {pair.Value}"),
            .. own.Where(pair => saved.TryGetValue(pair.Key, out Shape shape) && shape != pair.Value)
                .Select(pair => $"'{pair.Key}' is {saved[pair.Key]} in it and {pair.Value} in the model"),
        ];
        if (differences.Length == 0)
            return;
        string more = differences.Length > NamesShown ? $"; and {differences.Length - NamesShown} more" : "";
        throw new ArgumentException(
            $"Trainer.LoadCheckpoint: '{path}' is of another model: {string.Join("; ", differences.Take(NamesShown))}{more}.",
                nameof(path));
    }

    // An optimizer with other options may remember other tensors. Files of version 1 do not list them: there the tensors tell.
    private static void RequireOptimizer(TrainerState state, SafetensorsFile file, CheckpointState read, string path)
    {
        const string Prefix = "optimizer/", Steps = "/steps";
        string[] own = [.. state.Optimizer.Optimizer.StateNames.Order(StringComparer.Ordinal)];
        string[] saved = [.. (read.OptimizerTensors ?? file.Tensors.Select(tensor => tensor.Name)
            .Where(name => name.StartsWith(Prefix, StringComparison.Ordinal) && !name.EndsWith(Steps, StringComparison.Ordinal))
            .Select(name => name[(name.LastIndexOf('/') + 1)..])).Distinct().Order(StringComparer.Ordinal)];
        if (!saved.SequenceEqual(own))
            throw new ArgumentException(
                $"Trainer.LoadCheckpoint: the {read.Optimizer} of '{path}' remembers [{string.Join(", ", saved)}], " +
                $"and that of this trainer [{string.Join(", ", own)}]; expected the same options of the optimizer.", nameof(path));
    }

    private static string[] FrozenOf(TrainerState state) =>
        [.. state.Losses.Model.Parameters.Where(parameter => !parameter.Trainable).Select(parameter => parameter.Name)];

    // Parameters that are frozen here and were not there, or the other way round, would train on to other weights without a word.
    private static void RequireFrozen(TrainerState state, CheckpointState read, string path)
    {
        string[] own = FrozenOf(state);
        if (read.Frozen.Except(own).FirstOrDefault() is { } thawed)
            throw new ArgumentException($"Trainer.LoadCheckpoint: in '{path}' '{thawed}' is frozen, and in the model it is not; " +
                "freeze it before.", nameof(path));
        if (own.Except(read.Frozen).FirstOrDefault() is { } frozen)
            throw new ArgumentException($"Trainer.LoadCheckpoint: in '{path}' '{frozen}' is trained, and in the model it is frozen; " +
                "unfreeze it before.", nameof(path));
    }

    private static void RequireState(TrainerState state, CheckpointState read, SafetensorsFile file)
    {
        int losses = state.Losses.Losses.Count;
        int least = read.IsOpen ? 1 : 0;
        bool holds = read is { Steps: >= 0, Epochs: >= 0, Batch: >= 0, Samples: >= 0, Counted: >= 0, FirstStep: >= 0, AverageSteps: >= 0 }
            && read.FirstEpoch is null or (>= 0 and < int.MaxValue) && read.FirstStep <= read.Steps
            && read.BatchSize >= least && read.Accumulation >= least && read.Count >= least
            && read.BestEpoch >= -1 && read.BestEpoch < read.Results.Length
            && (!read.IsOpen || read.Batch <= ((read.Count - 1) / read.BatchSize) + 1);
        if (!holds)
            throw new DataFormatException($"{file.Name}: the metadata entry '{StateKey}' holds a number that is out of range.");
        if (read.LossSums.Length != losses || read.LossWeights.Length != losses)
            throw new ArgumentException($"Trainer.LoadCheckpoint: '{file.Name}' is of a training with {read.LossSums.Length} losses; " +
                $"this trainer has {losses}.");
    }

    private static WeightAverageState? Averages(TrainerState state, SafetensorsFile file, CheckpointState read)
    {
        if (!Has(file, "average/"))
            return null;
        try
        {
            var average = new WeightAverage(read.AverageDecay) { WarmUp = read.AverageWarmUp };
            return new WeightAverageState(average, state.Losses.Model.Parameters) { Steps = read.AverageSteps };
        }
        catch (ArgumentException e)
        {
            throw new DataFormatException($"{file.Name}: the decay of the weights' average, {read.AverageDecay}, is none.", e);
        }
    }

    private static void RequireTensors(SafetensorsFile file, (string Name, Shape Shape, Memory<float> Values)[] tensors)
    {
        foreach ((string name, Shape shape, Memory<float> _) in tensors)
        {
            SafetensorsTensor tensor = file.Find(name)
                ?? throw new DataFormatException($"{file.Name}: the tensor '{name}' is missing.");
            if (tensor.Shape != shape || tensor.DType != SafetensorsDType.F32)
                throw new DataFormatException($"{file.Name}: the tensor '{name}' is {tensor.DType} {tensor.Shape}; expected F32 {shape}.");
        }

        if (file.Tensors.Count != tensors.Length)
            throw new DataFormatException($"{file.Name}: it holds {file.Tensors.Count} tensors; expected {tensors.Length}.");
    }

    private static IEnumerable<(string Name, Shape Shape, Memory<float> Values)> Tensors(TrainerState state) =>
        Tensors(state, state.Average, state.Best);

    private static IEnumerable<(string Name, Shape Shape, Memory<float> Values)> Tensors(TrainerState state, WeightAverageState? average,
        AlignedBuffer<float>[]? best)
    {
        IReadOnlyList<Parameter> parameters = state.Losses.Model.Parameters;
        foreach (Parameter parameter in parameters)
            yield return ($"model/{parameter.Name}", parameter.Shape, parameter.WritableMemory);
        foreach ((string name, Shape shape, Memory<float> values) in state.Optimizer.Tensors)
            yield return ($"optimizer/{name}", shape, values);
        foreach ((string name, Shape shape, Memory<float> values) in average?.Tensors ?? [])
            yield return ($"average/{name}", shape, values);
        for (int i = 0; i < (best?.Length ?? 0); i++)
            yield return ($"best/{parameters[i].Name}", parameters[i].Shape, best![i].Memory);
    }

    private static CheckpointState Describe(TrainerState state)
    {
        FitPosition position = state.Position;
        LossSum[] sums = position.Sums.Losses.ToArray();
        Normalization normalization = state.Losses.Model.Normalization;
        return new CheckpointState
        {
            Optimizer = state.Optimizer.Optimizer.GetType().Name,
            OptimizerTensors = [.. state.Optimizer.Optimizer.StateNames],
            Steps = state.Optimizer.Steps,
            Epochs = state.Optimizer.Epochs,
            AverageSteps = state.Average?.Steps ?? 0,
            AverageDecay = state.Average?.Average.Decay ?? 0,
            AverageWarmUp = state.Average?.Average.WarmUp ?? false,
            IsOpen = position.IsOpen,
            FirstStep = position.FirstStep,
            FirstEpoch = position.FirstEpoch,
            Batch = position.Batch,
            Samples = position.Sums.Samples,
            Correct = position.Sums.Correct,
            Counted = position.Sums.Counted,
            Factor = position.Sums.Factor,
            LossSums = [.. sums.Select(sum => sum.Sum)],
            LossWeights = [.. sums.Select(sum => sum.Weight)],
            Results = [.. position.Epochs],
            Metrics = [.. position.Metrics],
            BestEpoch = position.BestEpoch,
            Seed = position.Seed,
            BatchSize = position.BatchSize,
            Accumulation = position.Accumulation,
            Count = position.Count,
            Description = [.. position.Description],
            Seconds = position.Epochs.Sum(epoch => epoch.Seconds),
            NormalizationScales = [.. Enumerable.Range(0, normalization.Channels).Select(normalization.ScaleOf)],
            NormalizationOffsets = [.. Enumerable.Range(0, normalization.Channels).Select(normalization.OffsetOf)],
            Frozen = FrozenOf(state),
            ClassNames = state.Losses.Model.ClassNames?.ToArray(),
        };
    }

    private static void Restore(TrainerState state, CheckpointState read)
    {
        (state.Optimizer.Steps, state.Optimizer.Epochs) = (read.Steps, read.Epochs);
        FitPosition position = state.Position;
        (position.IsOpen, position.FirstStep, position.Batch, position.BestEpoch) =
            (read.IsOpen, read.FirstStep, read.Batch, read.BestEpoch);
        (position.Seed, position.BatchSize, position.Accumulation, position.Count) =
            (read.Seed, read.BatchSize, read.Accumulation, read.Count);
        // Files of earlier versions do not say it; nor did Fits know epochs of several lengths then.
        position.FirstEpoch = read.FirstEpoch ?? (read.FirstStep / (double)position.StepsPerEpoch);
        (position.Description, position.HasFailed) = (read.Description, false);
        position.Seconds = read.Seconds;
        position.Epochs.Clear();
        position.Epochs.AddRange(read.Results);
        position.Metrics.Clear();
        position.Metrics.AddRange(read.Metrics);
        EpochSums sums = position.Sums;
        sums.Clear();
        (sums.Batches, sums.Samples, sums.Factor) = (read.Batch, read.Samples, read.Factor);
        (sums.Correct, sums.Counted) = (read.Correct, read.Counted);
        for (int i = 0; i < read.LossSums.Length; i++)
            sums.Losses[i] = new LossSum(read.LossSums[i], read.LossWeights[i]);
    }
}
