using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Cli;

/// <summary><c>cnnfast train</c>: trains a preset and saves the model.</summary>
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
                "Ctrl-C (or SIGTERM) stops within one batch, saves the model as far as it is trained, and ends with exit code 1.",
                "The file of --out is replaced in one step at the end; until then an old one stays as it is.",
                "JSON: testAccuracy, testLoss, imagesPerSecond, seconds, epochs[], and more.",
            ],
            "cnnfast train",
            "cnnfast train --epochs 3 --out quick.safetensors",
            "cnnfast train --model tutorial --data mnist --train-count 50000",
            "cnnfast train --model tutorial --init he --optimizer adam --data DIR --json");
        options.AddTo(command);
        command.SetAction(parse => Run(host, options.Read(parse), parse.GetValue(CommonOptions.Json)));
        return command;
    }

    private static int Run(CommandHost host, TrainRequest request, bool json)
    {
        string path = OutputPath.RequireWritable("--out", request.Out);
        TrainTestDatasets data = LoadData(request);
        bool resumes = request.Resume && File.Exists(path);
        Model model = CreateModel(host, request, path, data.Train, resumes);
        FitOptions fit = request.Fit with { Validation = data.Test, Normalization = resumes ? null : request.Fit.Normalization };
        host.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Training {request.Preset.Name} ({model.ParameterCount:N0} weights) on {data.Train.Count:N0} images, " +
                $"testing on {data.Test.Count:N0}; {Threads(fit)} {(Threads(fit) == 1 ? "thread" : "threads")}. Ctrl-C stops and saves."));

        var trainer = new Trainer(model, request.Optimizer);
        FitResult result = TrainProgress.Show(host, progress => trainer.Fit(data.Train, fit, progress, host.Stop));
        if (result.Steps > 0)
            model.Save(path);

        if (json)
            JsonOutput.Write(host.Output, writer => WriteJson(writer, request, data.Train.Count, result, model, path));
        else if (!result.Cancelled)
            WriteText(host.Output, result, path);
        if (!result.Cancelled)
            return ExitCodes.Done;
        host.Error.WriteLine(result.Steps > 0
            ? string.Create(CultureInfo.InvariantCulture,
                $"Stopped after {result.Steps:N0} steps; the model as far as it is trained is saved in {path}.")
            : "Stopped before the first step; nothing was written.");
        return ExitCodes.Failed;
    }

    private static TrainTestDatasets LoadData(TrainRequest request)
    {
        TrainTestDatasets data = DataSource.Load(request.Data);
        if (request.TrainCount is not { } count)
            return data;
        if (count > data.Train.Count)
            throw new InputException($"--train-count is '{count}'; expected a whole number from 1 to {data.Train.Count}, " +
                $"the training images of --data {request.Data}.");
        return data with { Train = data.Train.Take(count) };
    }

    private static Model CreateModel(CommandHost host, TrainRequest request, string path, ImageDataset train, bool resumes)
    {
        if (!resumes)
        {
            if (request.Resume)
                host.Error.WriteLine($"There is no '{request.Out}' to resume from: starting from random weights.");
            return request.Preset.Build(train, request.Fit.Seed);
        }

        Model model = Model.Load(path);
        if (model.Name != request.Preset.Name)
            throw new InputException(
                $"--resume: '{request.Out}' holds the model '{model.Name ?? "without a name"}', but --model is '{request.Preset.Name}'.");
        if (model.InputShape != train.ImageShape || model.OutputShape != new Shape(train.Classes))
            throw new InputException($"--resume: '{request.Out}' maps {model.InputShape} to {model.OutputShape}; " +
                $"the images of --data need {train.ImageShape} to [{train.Classes}].");
        host.Error.WriteLine($"Starting from the weights in {path}.");
        return model;
    }

    private static int Threads(FitOptions fit) => fit.MaxThreads == 0 ? CpuInfo.DefaultThreads : fit.MaxThreads;

    private static void WriteText(TextWriter output, FitResult result, string path)
    {
        EvaluationResult test = result.Epochs[^1].Validation!;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Test accuracy  {test.Accuracy * 100:0.00} % of {test.Count:N0} images (loss {test.Loss:0.0000})"));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Time           {result.Seconds:0.0} s, {result.SamplesPerSecond:N0} images/s"));
        output.WriteLine($"Model          {path}");
    }

    private static void WriteJson(Utf8JsonWriter json, TrainRequest request, int trainImages, FitResult result, Model model, string path)
    {
        EvaluationResult? test = result.Epochs.Count > 0 ? result.Epochs[^1].Validation : null;
        json.WriteFinite("testAccuracy", test?.Accuracy ?? double.NaN);
        json.WriteFinite("testLoss", test?.Loss ?? double.NaN);
        json.WriteFinite("imagesPerSecond", Math.Round(result.SamplesPerSecond, 1));
        json.WriteFinite("seconds", Math.Round(result.Seconds, 3));
        json.WriteBoolean("cancelled", result.Cancelled);
        json.WriteNumber("steps", result.Steps);
        json.WriteString("model", request.Preset.Name);
        json.WriteString("data", request.Data);
        json.WriteNumber("trainImages", trainImages);
        json.WriteNumber("parameters", model.ParameterCount);
        json.WriteNumber("seed", request.Fit.Seed);
        json.WriteNumber("threads", Threads(request.Fit));
        json.WriteString("out", result.Steps > 0 ? path : null);
        json.WriteStartArray("epochs");
        foreach (EpochResult epoch in result.Epochs)
        {
            json.WriteStartObject();
            json.WriteNumber("epoch", epoch.Epoch);
            json.WriteFinite("trainLoss", epoch.TrainLoss);
            json.WriteFinite("trainAccuracy", epoch.TrainAccuracy ?? double.NaN);
            json.WriteFinite("testLoss", epoch.Validation?.Loss ?? double.NaN);
            json.WriteFinite("testAccuracy", epoch.Validation?.Accuracy ?? double.NaN);
            json.WriteFinite("seconds", Math.Round(epoch.Seconds, 3));
            json.WriteFinite("imagesPerSecond", Math.Round(epoch.SamplesPerSecond, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
