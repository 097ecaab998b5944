using System.CommandLine;
using System.Globalization;
using CnnFast.Data;
using CnnFast.TensorBoard;
using CnnFast.Training;
using CnnFast.Visualization;

namespace CnnFast.Cli;

/// <summary><c>cnnfast train</c>: trains a preset, or a new head on a given body, and saves the model.</summary>
internal static class TrainCommand
{
    public static Command Create(CommandHost host)
    {
        var options = new TrainOptions();
        var command = new ExampleCommand(
            "train",
            "Trains a network on labelled images, tests it and saves it; without options: the digit CNN on the 10,000 digits inside this " +
                "program.",
            [
                .. ModelPresets.All.Select(preset => $"--model {preset.Name}: {preset.Description}."),
                "A folder of pictures without a test folder is split: 15 % of each class are tested at the end, 15 % of the rest decide " +
                    "when to stop and which epoch is best.",
                "The state of the training is saved in a .checkpoint beside the file of --out after every epoch and every few minutes, " +
                    "and removed at the end. After a crash or a kill, the same command with --resume comes to the same model.",
                "Ctrl-C (or SIGTERM) stops within one step, saves the model as far as it is trained, and ends with exit code 1.",
                "The file of --out is replaced in one step at the end; until then an old one stays as it is.",
                "JSON: testAccuracy, testLoss, imagesPerSecond, seconds, epochs[], confusion[][], and more.",
            ],
            "cnnfast train",
            "cnnfast train --epochs 3 --out quick.safetensors",
            "cnnfast train --report report.html --live",
            "cnnfast train --data photos/ --size 96 --out pets.safetensors",
            "cnnfast train --data photos/ --from backbone.onnx --out pets.safetensors",
            "cnnfast train --data photos/ --from backbone.onnx --unfreeze 'block4/*'",
            "cnnfast train --resume --out pets.safetensors --data photos/",
            "cnnfast train --model tutorial --data mnist --train-count 50000",
            "cnnfast train --model tutorial --init he --optimizer adam --data DIR --json");
        options.AddTo(command);
        command.Brief = "Trains a network on labelled images, tests it and saves it";
        command.Rows = ["epochs"];
        command.SetAction(parse => Run(host, options.Read(parse), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, TrainRequest request, bool json)
    {
        string path = OutputPath.RequireWritable("--out", request.Out);
        string checkpoint = TrainRequest.CheckpointOf(path);
        if (checkpoint == path)
            throw new InputException($"--out is '{request.Out}', the name of its own checkpoint; expected another ending.");
        TrainingCallback[] callbacks = [.. Callbacks(request)];
        string? page = request.Report is { } report ? OutputPath.RequirePage("--report", report) : null;
        RequireNothingLost(request, path, checkpoint);
        using LivePage? live = TrainPage.Live(host, request);
        TrainNet net = TrainNet.Create(host, request, path);
        FitOptions fit = request.Fit with
        {
            Validation = net.Validation,
            Normalization = net.Normalization,
            Augmentation = net.TakesAugmentation ? request.Fit.Augmentation : null,
            EarlyStopping = net.Validation is null ? null : request.Fit.EarlyStopping,
            RestoreBest = net.Validation is not null && request.Fit.RestoreBest,
            Checkpoints = new CheckpointOptions(checkpoint),
            Callbacks = callbacks,
        };
        string validation = net.Validation is null ? "" : FormattableString.Invariant($", validating on {net.Validation.Count:N0}");
        host.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Training {net.Describe} on {net.Train.Count:N0} images{validation}, testing on {net.Data.Test.Count:N0} at the end; " +
                $"{Threads(fit)} {(Threads(fit) == 1 ? "thread" : "threads")}. Ctrl-C stops and saves."));
        host.Details.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Recipe: {request.Optimizer.GetType().Name}, learning rate {request.Optimizer.LearningRate:G}, batches of {fit.BatchSize}, " +
                $"at most {fit.Epochs} epochs, seed {fit.Seed}, {(fit.Augmentation is null ? "no augmentation" : "augmentation")}."));

        var trainer = new Trainer(net.Trained, request.Optimizer, request.Preset.Loss);
        TrainingReport? shown = page is null && live is null
            ? null
            : TrainPage.Create(trainer, page, live, net, request, fit);
        if (shown is not null)
            fit = fit with { Callbacks = [.. callbacks, shown] };
        bool resumes = Resumes(host, request, trainer, checkpoint);
        if (resumes && net.Normalization is not null)
            fit = fit with { Normalization = net.Trained.Normalization };
        FitResult result = TrainProgress.Show(host, progress => resumes
            ? trainer.Resume(net.Train, fit, progress, host.Stop)
            : trainer.Fit(net.Train, fit, progress, host.Stop));
        foreach (IDisposable callback in fit.Callbacks.OfType<IDisposable>())
            callback.Dispose();
        Model model = net.Whole();
        if (result.Steps > 0)
            model.Save(path);
        if (result.Cancelled)
        {
            if (json)
                JsonOutput.Write(host.Output, writer => TrainReport.WriteJson(writer, request, net, result, null, model, path));
            if (trainer.Steps == 0)
                File.Delete(checkpoint);
            host.Error.WriteLine(result.Steps > 0
                ? string.Create(CultureInfo.InvariantCulture,
                    $"Stopped after {result.Steps:N0} steps; the model as far as it is trained is saved in {path}; --resume goes on.")
                : "Stopped before the first step; no model was written.");
            return ExitCodes.Failed;
        }

        File.Delete(checkpoint);
        EvaluationResult test;
        try
        {
            test = Evaluator.Evaluate(model, net.Data.Test, new EvaluationOptions { MaxThreads = fit.MaxThreads }, host.Stop);
            shown?.Complete(model, net.Data.Test, "the test images", PictureName.Of(net.Data.Test), host.Stop);
        }
        catch (OperationCanceledException)
        {
            host.Error.WriteLine($"Stopped in the test; the training is complete, and its model is saved in {path}.");
            return ExitCodes.Failed;
        }

        if (json)
            JsonOutput.Write(host.Output, writer => TrainReport.WriteJson(writer, request, net, result, test, model, path));
        else
            TrainReport.WriteText(host.Output, result, test, model, path);
        return ExitCodes.Done;
    }

    /// <summary>How many threads a training takes.</summary>
    public static int Threads(FitOptions fit) => fit.MaxThreads == 0 ? CpuInfo.DefaultThreads : fit.MaxThreads;

    private static bool Resumes(CommandHost host, TrainRequest request, Trainer trainer, string checkpoint)
    {
        if (!request.Resume)
            return false;
        if (!File.Exists(checkpoint))
        {
            host.Notes.WriteLine($"There is no '{checkpoint}' to go on from.");
            return false;
        }

        try
        {
            trainer.LoadCheckpoint(checkpoint);
        }
        catch (ArgumentException e)
        {
            throw new InputException($"--resume: {e.Message}", e);
        }

        host.Notes.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Going on after step {trainer.Steps:N0}, from {checkpoint}."));
        return trainer.IsInterrupted;
    }

    // What is read or kept is not written over.
    private static void RequireNothingLost(TrainRequest request, string path, string checkpoint)
    {
        if (request.Log is { } log && Path.GetFullPath(log) is var full && (full == path || full == checkpoint))
            throw new InputException($"--log is '{log}', the file of --out or its checkpoint; expected another.");
        if (request.Report is { } report && Path.GetFullPath(report) is var page && (page == path || page == checkpoint
            || (request.Log is { } other && Path.GetFullPath(other) == page)))
            throw new InputException($"--report is '{report}', the file of --out, its checkpoint or --log; expected another.");
        foreach ((string option, string? file) in (ReadOnlySpan<(string, string?)>)[("--out", request.Out), ("--log", request.Log),
            ("--report", request.Report)])
        {
            if (file is not null)
                OutputPath.RequireOther(option, file, "--from", request.From);
        }

        if (!request.Resume && File.Exists(checkpoint))
            throw new InputException($"'{checkpoint}' holds a training that was interrupted; expected --resume to go on with it, another " +
                "--out, or that the file is deleted.");
    }

    private static IEnumerable<TrainingCallback> Callbacks(TrainRequest request)
    {
        if (request.Log is { } log)
            yield return new CsvLog(OutputPath.RequireWritable("--log", log));
        if (request.TensorBoard is { } folder)
            yield return new TensorBoardLog(OutputPath.RequireFolder("--tensorboard", folder));
    }
}
